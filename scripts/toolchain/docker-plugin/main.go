// Command pulumi-resource-docker is Pulumi's Docker plugin, built from the same parts as the official release: the
// Terraform Docker provider behind Pulumi's bridge, under the tokens that the Python package pulumi-docker uses.
//
// It is for machines that can reach the Go modules but not the release. The resource docker:index/image:Image, which
// the release implements outside the bridge, is left out: the kit builds its images with scripts/images.
package main

import (
	_ "embed"
	"os"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
)

// version is set by the linker.
var version = "5.2.0"

// schema.json is written by `pulumi-resource-docker schema --out . --skip-docs --skip-examples`.
//
//go:embed schema.json
var schema []byte

func main() {
	if len(os.Args) > 1 && os.Args[1] == "schema" {
		tfgen.Main("docker", version, provider())
		return
	}
	tfbridge.Main("docker", version, provider(), schema)
}
