package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// shownItsError is the program's exit code for "failed, and the user has been told why".
const shownItsError = 32

// Run runs a program to its end. A failure of the program is an answer; only a failure to start it is an error.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	config, secretKeys, err := configuration(request.GetConfig(), request.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	command, err := python.Command(ctx, append([]string{"-u", h.script}, h.arguments(request)...)...)
	if err != nil {
		return nil, err
	}
	if command.Env == nil {
		command.Env = os.Environ()
	}
	// The configuration may hold secrets, so it travels in the environment and not on the command line.
	command.Env = append(command.Env, "PULUMI_CONFIG="+config, "PULUMI_CONFIG_SECRET_KEYS="+secretKeys)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr

	err = h.children.run(command)
	code, exited := exitCode(err)
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case exited && code == shownItsError:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case exited:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program exited with code %d", code)}, nil
	case interrupted(ctx, err):
		return &pulumirpc.RunResponse{Error: "the program was interrupted"}, nil
	default:
		return nil, fmt.Errorf("the program could not be run: %w", err)
	}
}

// arguments are the executor's, as its --help lists them.
func (h *host) arguments(request *pulumirpc.RunRequest) []string {
	var arguments []string
	add := func(name, value string) {
		if value != "" {
			arguments = append(arguments, "--"+name, value)
		}
	}
	add("project", request.GetProject())
	add("stack", request.GetStack())
	add("root_directory", request.GetInfo().GetRootDirectory())
	add("pwd", request.GetPwd())
	add("monitor", request.GetMonitorAddress())
	add("engine", h.engine)
	add("organization", request.GetOrganization())
	add("parallel", strconv.Itoa(int(request.GetParallel())))
	add("tracing", h.tracing)
	if request.GetDryRun() {
		add("dry_run", "true")
	}
	program := request.GetInfo().GetProgramDirectory()
	if entry := request.GetInfo().GetEntryPoint(); entry != "" && entry != "." {
		program = request.GetProgram()
	}
	return append(append(arguments, program), request.GetArgs()...)
}

// configuration is the JSON that the SDK reads. It must never be null: the SDK takes that for no variable at all.
func configuration(values map[string]string, secretKeys []string) (string, string, error) {
	if values == nil {
		values = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	config, err := json.Marshal(values)
	if err != nil {
		return "", "", fmt.Errorf("the configuration is no JSON: %w", err)
	}
	keys, err := json.Marshal(secretKeys)
	if err != nil {
		return "", "", fmt.Errorf("the secret keys are no JSON: %w", err)
	}
	return string(config), string(keys), nil
}
