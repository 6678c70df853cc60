"""Gets the edge's certificate from an ACME authority (RFC 8555) by HTTP-01, and renews it before it ends.

The edge sends `/.well-known/acme-challenge/` of port 80 here and serves what is handed over in `<domain>.pem`. The account's
key stays in one volume, the certificate with its key in another, which the edge's files are made from. Left out: other proofs
than HTTP-01 (and so wildcards), accounts that are bound to a customer (external account binding), several domains.
"""
