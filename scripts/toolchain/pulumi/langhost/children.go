package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// grace is how long an interrupted program has to end by itself before it is killed.
const grace = 15 * time.Second

// children are the processes that run for the engine now.
type children struct {
	lock    sync.Mutex
	running map[*exec.Cmd]struct{}
}

func newChildren() *children {
	return &children{running: map[*exec.Cmd]struct{}{}}
}

// start starts a command that is asked to end, and not killed at once, when its context is cancelled. SIGTERM and not SIGINT:
// Python answers the latter with a traceback that would hide the engine's own error. Ctrl+C reaches the program by itself.
func (c *children) start(command *exec.Cmd) error {
	command.Cancel = func() error { return ignoreGone(command.Process.Signal(syscall.SIGTERM)) }
	command.WaitDelay = grace
	c.lock.Lock()
	defer c.lock.Unlock()
	if err := command.Start(); err != nil {
		return err
	}
	c.running[command] = struct{}{}
	return nil
}

// forget drops a command that has been waited for.
func (c *children) forget(command *exec.Cmd) {
	c.lock.Lock()
	defer c.lock.Unlock()
	delete(c.running, command)
}

// run starts a command and waits for it.
func (c *children) run(command *exec.Cmd) error {
	if err := c.start(command); err != nil {
		return err
	}
	defer c.forget(command)
	return command.Wait()
}

// interrupt asks every running child to end, and kills after the grace period those that have not.
func (c *children) interrupt() {
	c.lock.Lock()
	defer c.lock.Unlock()
	for command := range c.running {
		process := command.Process
		_ = process.Signal(syscall.SIGTERM) // gone already is as good
		time.AfterFunc(grace, func() {
			c.lock.Lock()
			defer c.lock.Unlock()
			if _, still := c.running[command]; still {
				_ = process.Kill()
			}
		})
	}
}

func ignoreGone(err error) error {
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// exitCode is the code with which a process ended by itself, and whether it did.
func exitCode(err error) (int, bool) {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return exit.ExitCode(), true
	}
	return 0, false
}

// interrupted tells whether an error comes from our own ending of the process.
func interrupted(ctx context.Context, err error) bool {
	var exit *exec.ExitError
	if ctx.Err() != nil {
		return true
	}
	if !errors.As(err, &exit) {
		return false
	}
	state, ok := exit.Sys().(syscall.WaitStatus)
	return ok && state.Signaled() && state.Signal() == syscall.SIGTERM
}
