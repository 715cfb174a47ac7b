"""Table of the managers as Messenger knows them."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from base.tables import moment


class MetaPersona(SQLModel, table=True):
    """One manager's name and picture on one Page."""

    __tablename__ = "meta_persona"

    account: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    picture: str = Field(primary_key=True)
    persona: str = ""  # its id at Meta; empty: not made yet, or lost
    tries: int = 0  # how often it was made
    due_at: datetime = moment()  # by the database's clock: may be made then
