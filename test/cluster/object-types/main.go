// Prints the Go types of the built-in kinds that the embedded Kubernetes API serves: which type a kind has, and of each
// struct the fields by their names in JSON, with their types and `omitempty` and `pointer` where they are that. `builtin-types.test.ts` runs
// it; it stands beside `control-plane`, of whose module it is, so that a change of it builds no cluster anew.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"

	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	authentication "k8s.io/api/authentication/v1"
	authorization "k8s.io/api/authorization/v1"
	autoscaling "k8s.io/api/autoscaling/v1"
	batch "k8s.io/api/batch/v1"
	coordination "k8s.io/api/coordination/v1"
	core "k8s.io/api/core/v1"
	events "k8s.io/api/events/v1"
	policy "k8s.io/api/policy/v1"
	rbac "k8s.io/api/rbac/v1"
	extensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// The type of a kind, by `apiVersion Kind`.
var kinds = map[string]string{}

// What a type is, by its name: the lines of a struct, or what a named one is made of. One that reads itself
// (UnmarshalJSON) has only its name.
var types = map[string]string{}

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()

// `k8s.io/api/core/v1` as `core/v1`.
func packageOf(t reflect.Type) string {
	dir, last := path.Split(t.PkgPath())
	return path.Join(path.Base(dir), last)
}

// expression is how a field says its type; pointers, which a decoder follows, are left out.
func expression(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		return expression(t.Elem())
	}
	if t.PkgPath() != "" {
		return named(t)
	}
	switch t.Kind() {
	case reflect.Slice:
		return "[]" + expression(t.Elem())
	case reflect.Map:
		return "map[" + expression(t.Key()) + "]" + expression(t.Elem())
	}
	return t.String()
}

func named(t reflect.Type) string {
	name := packageOf(t) + "." + t.Name()
	if _, known := types[name]; known {
		return name
	}
	types[name] = ""
	if reflect.PointerTo(t).Implements(unmarshaler) {
		return name
	}
	switch t.Kind() {
	case reflect.Struct:
		types[name] = " {\n" + fieldsOf(t) + "}"
	case reflect.Slice:
		types[name] = " = []" + expression(t.Elem())
	case reflect.Map:
		types[name] = " = map[" + expression(t.Key()) + "]" + expression(t.Elem())
	default:
		types[name] = " = " + t.Kind().String()
	}
	return name
}

func fieldsOf(t reflect.Type) string {
	lines := ""
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		isPointer := f.Type.Kind() == reflect.Pointer
		if name == "" && f.Anonymous {
			inner := f.Type
			if isPointer {
				inner = inner.Elem()
			}
			// Errors of its fields name an embedded struct too.
			for line := range strings.Lines(fieldsOf(inner)) {
				lines += strings.TrimSuffix(line, "\n") + " in:" + inner.Name() + "\n"
			}
			continue
		}
		lines += "  " + name + " " + strings.ReplaceAll(expression(f.Type), " ", "")
		if strings.Contains(options, "omitempty") {
			lines += " omitempty"
		}
		if isPointer {
			lines += " pointer"
		}
		lines += "\n"
	}
	return lines
}

func add(apiVersion string, objects ...any) {
	for _, object := range objects {
		t := reflect.TypeOf(object)
		kinds[apiVersion+" "+t.Name()] = named(t)
	}
}

func main() {
	add("v1", core.Binding{}, core.ConfigMap{}, core.Event{}, core.Namespace{}, core.Node{}, core.Pod{},
		core.Secret{}, core.Service{}, core.ServiceAccount{}, meta.DeleteOptions{}, meta.Status{})
	add("apps/v1", apps.Deployment{}, apps.ReplicaSet{}, apps.StatefulSet{}, apps.ControllerRevision{})
	add("batch/v1", batch.Job{})
	add("coordination.k8s.io/v1", coordination.Lease{})
	add("events.k8s.io/v1", events.Event{})
	add("policy/v1", policy.PodDisruptionBudget{}, policy.Eviction{})
	add("rbac.authorization.k8s.io/v1", rbac.Role{}, rbac.RoleBinding{}, rbac.ClusterRole{}, rbac.ClusterRoleBinding{})
	add("admissionregistration.k8s.io/v1", admission.ValidatingAdmissionPolicy{}, admission.ValidatingAdmissionPolicyBinding{})
	add("apiextensions.k8s.io/v1", extensions.CustomResourceDefinition{})
	add("autoscaling/v1", autoscaling.Scale{})
	add("authentication.k8s.io/v1", authentication.TokenRequest{}, authentication.SelfSubjectReview{})
	add("authorization.k8s.io/v1", authorization.SelfSubjectAccessReview{}, authorization.SelfSubjectRulesReview{})
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Println("kind", kind, kinds[kind])
	}
	for _, name := range slices.Sorted(maps.Keys(types)) {
		fmt.Println(name + types[name])
	}
}
