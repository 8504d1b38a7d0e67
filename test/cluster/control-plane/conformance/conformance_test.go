// The official conformance tests of the Gateway API, as they are, against whatever cluster KUBECONFIG names.
package conformance

import (
	"testing"

	"sigs.k8s.io/gateway-api/conformance"
)

func TestConformance(t *testing.T) {
	conformance.RunConformance(t)
}
