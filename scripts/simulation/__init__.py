"""Clouds that need no account: the real engine talks to these providers instead of to AWS, Azure, Google or Docker.

`schema` knows the types of the installed SDKs, `clouds` what each cloud accepts and answers, `world` what exists in it, and
`server` speaks the engine's protocol. Nothing here opens a connection to anywhere but the loopback interface.
"""
