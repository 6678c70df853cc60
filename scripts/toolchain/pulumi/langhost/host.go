package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
	"google.golang.org/protobuf/types/known/emptypb"
)

// healthInterval is how often the engine is asked whether it is still there; without it this process ends.
const healthInterval = 5 * time.Minute

// host answers the engine. One process serves one engine.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	script   string // the executor's path
	engine   string // the engine's address
	tracing  string
	children *children
}

// Handshake takes the engine's address, which newer engines give here instead of on the command line.
func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = request.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo gives the version, which is the SDK's.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// Cancel asks every running program to end, as Ctrl+C in its own terminal would.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.children.interrupt()
	return &emptypb.Empty{}, nil
}

// RuntimeOptionsPrompts asks nothing: Pulumi.yaml names the virtual environment.
func (h *host) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// About describes the interpreter for `pulumi about`.
func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return nil, err
	}
	info, err := python.About(ctx)
	if err != nil {
		return nil, fmt.Errorf("the Python interpreter cannot be asked about itself: %w", err)
	}
	return &pulumirpc.AboutResponse{
		Executable: info.PythonExecutable,
		Version:    info.PythonVersion.String(),
		Metadata:   map[string]string{"toolchainVersion": info.ToolchainVersion.String()},
	}, nil
}

// interpreter is the Python that a program's `runtime` options in Pulumi.yaml ask for.
func interpreter(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	options := toolchain.PythonOptions{
		Root:       info.GetRootDirectory(),
		ProgramDir: info.GetProgramDirectory(),
		Toolchain:  toolchain.Auto,
	}
	for name, value := range info.GetOptions().AsMap() {
		text, ok := value.(string)
		if !ok {
			return nil, fmt.Errorf("runtime option %s in Pulumi.yaml must be text, not %v", name, value)
		}
		switch name {
		case "virtualenv":
			options.Virtualenv = text
		case "toolchain":
			if err := chooseToolchain(&options, text); err != nil {
				return nil, err
			}
		case "typechecker":
			if text != "none" {
				return nil, fmt.Errorf("runtime option typechecker in Pulumi.yaml: %q is not supported, "+
					"scripts/check runs the type checker", text)
			}
		default:
			return nil, fmt.Errorf("runtime option %s in Pulumi.yaml is unknown", name)
		}
	}
	return toolchain.ResolveToolchain(options)
}

func chooseToolchain(options *toolchain.PythonOptions, name string) error {
	switch name {
	case "pip":
		options.Toolchain = toolchain.Pip
	case "poetry":
		options.Toolchain = toolchain.Poetry
	case "uv":
		options.Toolchain = toolchain.Uv
	default:
		return fmt.Errorf("runtime option toolchain in Pulumi.yaml must be pip, poetry or uv, not %q", name)
	}
	return nil
}
