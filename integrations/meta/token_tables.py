"""Table of the tokens that the shop has had."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from base.tables import moment


class MetaToken(SQLModel, table=True):
    """A token whose end Meta does not tell, by its fingerprint, and since when the shop knows it."""

    __tablename__ = "meta_token"

    account: str = Field(primary_key=True)
    fingerprint: str = Field(primary_key=True)
    seen_at: datetime = moment()
