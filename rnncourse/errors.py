"""What the command line shows as one clear line instead of a traceback."""


class UserError(Exception):
    """Something that the user can mend; its text names the place, the fault and the mend."""
