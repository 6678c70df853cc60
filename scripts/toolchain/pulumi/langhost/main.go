// Command pulumi-language-python lets the Pulumi engine run Python programs, policy packs and plugins.
//
// The official release ships a program of the same name; this one is for machines that can reach the Go modules but not
// the release. It is made of the parts that Pulumi's SDK publishes (the toolchain package, the policy proxy) and leaves
// out what only Pulumi's own development needs: code generation, packing and templates answer "unimplemented".
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// executor is the script that starts a program; it lies beside this binary.
const executor = "pulumi-language-python-exec"

func main() {
	if err := serve(); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-python: %v\n", err)
		os.Exit(1)
	}
}

// serve answers the engine until it goes away or a signal asks to stop.
func serve() error {
	var tracing string
	flag.StringVar(&tracing, "tracing", "", "Emit tracing to a Zipkin-compatible endpoint")
	// Older engines give these on the command line; since then they come with each request.
	for _, name := range []string{"root", "virtualenv", "typechecker", "toolchain"} {
		flag.String(name, "", "Ignored: given with each request")
	}
	flag.Parse()
	logging.InitLogging(false, 0, false)
	cmdutil.InitTracing("pulumi-language-python", "pulumi-language-python", tracing)

	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("this program's own path is unknown: %w", err)
	}
	script := filepath.Join(filepath.Dir(self), executor)
	if _, err := os.Stat(script); err != nil {
		return fmt.Errorf("%s is missing beside it: run scripts/setup again", executor)
	}

	host := &host{script: script, engine: flag.Arg(0), tracing: tracing, children: newChildren()}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cancel := make(chan bool)
	go func() {
		<-ctx.Done()
		host.children.interrupt()
		close(cancel)
	}()
	if host.engine != "" {
		if err := rpcutil.Healthcheck(ctx, host.engine, healthInterval, stop); err != nil {
			return fmt.Errorf("the engine at %s does not answer: %w", host.engine, err)
		}
	}

	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: cancel,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, host)
			return nil
		},
		Options: rpcutil.OpenTracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("no port can be opened: %w", err)
	}
	fmt.Println(handle.Port) // the engine reads the port here

	if err := <-handle.Done; err != nil && !errors.Is(err, grpc.ErrServerStopped) {
		return fmt.Errorf("serving ended: %w", err)
	}
	return nil
}
