package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// RunPlugin runs a plugin that is written in Python: a policy pack, or a component provider.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer,
) (failure error) {
	ctx := server.Context()
	python, err := interpreter(request.GetInfo())
	if err != nil {
		return err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return err
	}
	defer func() {
		if err := closer.Close(); err != nil && failure == nil {
			failure = err
		}
	}()

	if request.GetKind() == string(apitype.AnalyzerPlugin) {
		err = h.runPolicyPack(ctx, python, request, stdout, stderr)
	} else {
		err = h.runProvider(ctx, python, request, stdout, stderr)
	}
	if code, exited := exitCode(err); exited {
		return server.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)},
		})
	}
	if err != nil && interrupted(ctx, err) {
		return nil
	}
	return err
}

func (h *host) runProvider(
	ctx context.Context, python toolchain.Toolchain, request *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	arguments := append([]string{"-u", request.GetInfo().GetProgramDirectory()}, request.GetArgs()...)
	command, err := python.Command(ctx, arguments...)
	if err != nil {
		return err
	}
	prepare(command, request, request.GetPwd(), stdout, stderr)
	return h.children.run(command)
}

// runPolicyPack runs a pack behind Pulumi's proxy, because the pack's library wants the stack's configuration in its
// environment when it starts, and the engine sends it afterwards.
func (h *host) runPolicyPack(
	ctx context.Context, python toolchain.Toolchain, request *pulumirpc.RunPluginRequest, stdout, stderr io.Writer,
) error {
	directory := request.GetInfo().GetProgramDirectory()
	arguments := append([]string{"-u", "-m", "pulumi.policy"}, request.GetArgs()...)
	command, err := python.Command(ctx, append(arguments, directory)...)
	if err != nil {
		return err
	}
	proxy, packOutput, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return fmt.Errorf("the policy proxy cannot be started: %w", err)
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return fmt.Errorf("the stack's configuration did not come: %w", err)
	}
	prepare(command, request, directory, packOutput, stderr)
	if stack != nil {
		config, secretKeys, err := configuration(stack.GetConfig(), stack.GetConfigSecretKeys())
		if err != nil {
			return err
		}
		command.Env = append(command.Env,
			"PULUMI_ORGANIZATION="+stack.GetOrganization(),
			"PULUMI_PROJECT="+stack.GetProject(),
			"PULUMI_STACK="+stack.GetStack(),
			fmt.Sprintf("PULUMI_DRY_RUN=%t", stack.GetDryRun()),
			"PULUMI_CONFIG="+config,
			"PULUMI_CONFIG_SECRET_KEYS="+secretKeys,
		)
	}
	if err := h.children.start(command); err != nil {
		return err
	}
	defer h.children.forget(command)
	return proxy.Attach(ctx, command) // waits for the pack's end
}

func prepare(command *exec.Cmd, request *pulumirpc.RunPluginRequest, directory string, stdout, stderr io.Writer) {
	if command.Env == nil {
		command.Env = os.Environ()
	}
	command.Env = append(command.Env, request.GetEnv()...)
	command.Dir = directory
	command.Stdout, command.Stderr = stdout, stderr
}
