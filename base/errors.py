"""Errors that are told to a person: what happened, and what to do about it."""


class ShopkeeperError(Exception):
    """Something a person can mend. `str()` is one line for a terminal; never a traceback."""

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what} {mend}".strip())
        self.what = what
        self.mend = mend


class BadInput(ShopkeeperError):
    """Input from outside that does not have the form it must have."""


class TryLater(ShopkeeperError):
    """The other side asks for patience. `after` is in seconds."""

    def __init__(self, what: str, after: float = 1.0) -> None:
        super().__init__(what)
        self.after = after


class Halted(TryLater):
    """Everything from this account of ours has to stop for a while, not only this message."""


class Disallowed(Halted):
    """Our account may not do this; or it is this very message, which shows when others get through meanwhile."""


class Flooded(TryLater):
    """This chat has to rest, and says nothing of the others; where several are told so, it is the whole account."""


class Unreachable(ShopkeeperError):
    """This customer cannot be reached on this channel any more (blocked, deleted)."""


class Refused(ShopkeeperError):
    """The other side refused this very message or call; sending it again would not help."""


class WindowClosed(Refused):
    """The customer has not written for too long: the platform takes nothing for him before he writes again."""


class Enough(Refused):
    """This person gets no more messages of this kind for a while, from whomever of ours."""


class Elsewhere(Refused):
    """Another program has this conversation on the platform, which takes no message of ours in it."""


class AlreadyAnswered(Refused):
    """What may be answered once has its answer, of ours or of somebody else's."""


class NotPermitted(Refused):
    """This kind of message is not allowed to our account. The owner has to act; all other messages may go."""


class BadSignature(ShopkeeperError):
    """A webhook whose signature or secret is missing or wrong, or whose secret is not set here."""


class OutcomeUnknown(ShopkeeperError):
    """A provider or carrier may or may not have acted. Look it up before any retry."""
