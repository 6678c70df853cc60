package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// finder prints, as JSON, every installed distribution that brings a plugin: its name, its version and its
// pulumi-plugin.json. Reading metadata is ten times faster than asking pip, and this is on the way of every command.
const finder = `
import importlib.metadata, json
found = []
for distribution in importlib.metadata.distributions():
    for file in distribution.files or ():
        if file.name == "pulumi-plugin.json" and len(file.parts) == 2:
            text = file.locate().read_text(encoding="utf-8")
            found.append({"name": distribution.metadata["Name"], "version": distribution.version,
                          "plugin": json.loads(text)})
print(json.dumps(found))
`

type installed struct {
	Name    string                  `json:"name"`
	Version string                  `json:"version"`
	Plugin  plugin.PulumiPluginJSON `json:"plugin"`
}

// GetRequiredPackages reports the plugins that the packages in the program's environment need.
func (h *host) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	command, err := python.Command(ctx, "-c", finder)
	if err != nil {
		return nil, err
	}
	output, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("the installed packages cannot be listed: %s", explain(err))
	}
	var packages []installed
	if err := json.Unmarshal(output, &packages); err != nil {
		return nil, fmt.Errorf("a pulumi-plugin.json in the environment is not what it should be: %w", err)
	}
	response := &pulumirpc.GetRequiredPackagesResponse{}
	for _, found := range packages {
		if found.Plugin.Resource {
			response.Packages = append(response.Packages, found.dependency())
		}
	}
	return response, nil
}

// dependency is what the engine needs to know to load the plugin. What the file leaves out follows from the package.
func (i installed) dependency() *pulumirpc.PackageDependency {
	name := i.Plugin.Name
	if name == "" {
		name = strings.TrimPrefix(strings.ReplaceAll(i.Name, "_", "-"), "pulumi-")
	}
	version := i.Plugin.Version
	if version == "" {
		version = i.Version
	}
	if !strings.HasPrefix(version, "v") {
		version = "v" + version
	}
	return &pulumirpc.PackageDependency{
		Name:             name,
		Kind:             "resource",
		Version:          version,
		Server:           i.Plugin.Server,
		Parameterization: parameterization(i.Plugin.Parameterization),
		Extension:        parameterization(i.Plugin.ExtensionParameterization),
	}
}

func parameterization(from *plugin.PulumiParameterizationJSON) *pulumirpc.PackageParameterization {
	if from == nil {
		return nil
	}
	return &pulumirpc.PackageParameterization{Name: from.Name, Version: from.Version, Value: from.Value}
}

// GetProgramDependencies lists the Python packages for `pulumi about`.
func (h *host) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := python.ListPackages(ctx, request.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, found := range packages {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: found.Name, Version: found.Version})
	}
	return response, nil
}

// InstallDependencies creates the environment and installs into it, for `pulumi install`.
func (h *host) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer,
) (failure error) {
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(server, request.GetIsTerminal())
	if err != nil {
		return err
	}
	defer func() {
		if err := closer.Close(); err != nil && failure == nil {
			failure = err
		}
	}()
	return python.InstallDependencies(server.Context(), request.GetDirectory(),
		request.GetUseLanguageVersionTools(), true, stdout, stderr)
}

// explain adds what a failed command said.
func explain(err error) string {
	if exit, ok := err.(*exec.ExitError); ok && len(exit.Stderr) > 0 {
		return fmt.Sprintf("%v: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err.Error()
}
