"""The engine's provider protocol over gRPC, on the loopback interface, in front of the simulated clouds."""
