"""A part of records whose reading ends its process. In a module of its own, which another process can import."""

import os


class Dying:
    def load(self):
        os._exit(1)
