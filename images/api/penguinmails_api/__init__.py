"""The PenguinMails reference workload: API, worker and migration in one image.

One package and one image, because the three roles share models, settings and the broker's interface: a release that
moves them together can never run a worker that does not understand what its API wrote.
"""

__version__ = "0.1.0"
