"""The one exception the engine raises on purpose: what happened, where, and what to do next."""


class ConvgradeError(Exception):
    """A call, a config or a course that cannot be used as it is.

    ``what`` says what happened, ``where`` names the file (and line), ``todo`` what to do next.
    The command prints the three on one line and ends with status 2.
    """

    def __init__(self, what: str, *, where: str = "", todo: str = ""):
        super().__init__(what, where, todo)
        self.what, self.where, self.todo = what, where, todo

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        todo = f". {self.todo}" if self.todo else ""
        return f"{place}{self.what}{todo}"
