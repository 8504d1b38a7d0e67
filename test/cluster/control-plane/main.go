// One binary that holds a Kubernetes control plane: `control-plane etcd|kube-apiserver|kube-controller-manager|
// kube-scheduler FLAGS`. Each is a process of its own, because their flags, feature gates and metrics are global.
package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

var components = map[string]func() *cobra.Command{
	"etcd":                    newEtcdCommand,
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
}

func main() {
	component := components[argument(1)]
	if component == nil {
		fmt.Fprintln(os.Stderr, "usage: control-plane etcd|kube-apiserver|kube-controller-manager|kube-scheduler FLAGS")
		os.Exit(2)
	}
	endWithParent()
	os.Args = os.Args[1:]
	os.Exit(cli.Run(component()))
}

func argument(at int) string {
	if at < len(os.Args) {
		return os.Args[at]
	}
	return ""
}
