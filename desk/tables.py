"""Tables of the desk: its people and what they did."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Identity
from sqlmodel import Field, SQLModel

from base.tables import document, moment


class ManagerRow(SQLModel, table=True):
    __tablename__ = "manager"

    id: str = Field(primary_key=True)
    name: str
    login: str = Field(unique=True)
    password_hash: str  # argon2id
    role: str = "manager"  # manager | owner
    active: bool = True
    created_at: datetime = moment()


class SignInAttempt(SQLModel, table=True):
    """Kept to slow down guessing, by login and by address."""

    __tablename__ = "sign_in_attempt"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    login: str = Field(index=True)
    origin: str = Field(index=True)
    good: bool
    at: datetime = moment(index=True)


class SignIn(SQLModel, table=True):
    """One browser at the desk. Signing out ends it here, so a copied cookie is worth nothing afterwards."""

    __tablename__ = "sign_in"

    id: str = Field(primary_key=True)
    manager_id: str = Field(foreign_key="manager.id", index=True)
    created_at: datetime = moment()
    seen_at: datetime = moment()
    ended_at: datetime | None = moment(default=None)


class AuditRow(SQLModel, table=True):
    """Who did what at the desk."""

    __tablename__ = "audit"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    manager_id: str
    action: str
    conversation_id: str | None = None
    details: dict[str, Any] = document(dict)
    at: datetime = moment()
