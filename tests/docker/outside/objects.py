"""An S3 server, for gunicorn: the server that comes with Moto ends every connection without TLS's farewell, which pgBackRest
takes for an answer that was cut off.
"""

from moto.server import DomainDispatcherApplication, create_backend_app

app = DomainDispatcherApplication(create_backend_app)
