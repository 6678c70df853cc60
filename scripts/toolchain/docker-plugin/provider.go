package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-providers/terraform-provider-docker/shim"
)

// longestName is Docker's limit for the names that Pulumi makes up.
const longestName = 255

// provider maps the Terraform provider to the types and functions of pulumi-docker 5.2.0.
func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:           shimv2.NewProvider(shim.NewProvider(version)),
		Name:        "docker",
		Version:     version,
		Config:      config(),
		Resources:   resources(),
		DataSources: functions(),
		// Newer than pulumi-docker 5.2.0, which has no types for them.
		IgnoreMappings: []string{
			"docker_buildx_builder", "docker_compose", "docker_registry_image_manifests", "docker_registry_image_tags",
		},
	}
	info.SetAutonaming(longestName, "-")
	return info
}

func config() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{
		"host": {Default: &tfbridge.DefaultInfo{
			EnvVars: []string{"DOCKER_HOST"}, Value: "unix:///var/run/docker.sock",
		}},
		"registry_auth": {Name: "registryAuth", MaxItemsOne: tfbridge.False()},
	}
}

func resources() map[string]*tfbridge.ResourceInfo {
	// The bridge would call lists by their plural; the package keeps these names.
	keep := func(names map[string]string) map[string]*tfbridge.SchemaInfo {
		fields := map[string]*tfbridge.SchemaInfo{}
		for field, name := range names {
			fields[field] = &tfbridge.SchemaInfo{Name: name}
		}
		return fields
	}
	return map[string]*tfbridge.ResourceInfo{
		"docker_config": {Tok: typeToken("serviceConfig", "ServiceConfig")},
		"docker_container": {
			Tok:                 typeToken("container", "Container"),
			DeleteBeforeReplace: true, // names and host ports are taken while the old one is there
			Fields:              keep(map[string]string{"command": "command", "networks_advanced": "networksAdvanced"}),
		},
		"docker_image":          {Tok: typeToken("remoteImage", "RemoteImage"), Fields: keep(map[string]string{"name": "name"})},
		"docker_network":        {Tok: typeToken("network", "Network")},
		"docker_plugin":         {Tok: typeToken("plugin", "Plugin")},
		"docker_registry_image": {Tok: typeToken("registryImage", "RegistryImage")},
		"docker_secret":         {Tok: typeToken("secret", "Secret")},
		"docker_service":        {Tok: typeToken("service", "Service")},
		"docker_tag":            {Tok: typeToken("tag", "Tag")},
		"docker_volume":         {Tok: typeToken("volume", "Volume")},
	}
}

func functions() map[string]*tfbridge.DataSourceInfo {
	return map[string]*tfbridge.DataSourceInfo{
		"docker_image":          {Tok: functionToken("getRemoteImage")},
		"docker_logs":           {Tok: functionToken("getLogs")},
		"docker_network":        {Tok: functionToken("getNetwork")},
		"docker_plugin":         {Tok: functionToken("getPlugin")},
		"docker_registry_image": {Tok: functionToken("getRegistryImage")},
	}
}

func typeToken(module, name string) tokens.Type {
	return tokens.Type("docker:index/" + module + ":" + name)
}

func functionToken(name string) tokens.ModuleMember {
	return tokens.ModuleMember("docker:index/" + name + ":" + name)
}
