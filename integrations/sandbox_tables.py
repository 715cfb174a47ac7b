"""What the sandbox provider and carrier remember, as a real one would in its own house."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from base.tables import moment


class SandboxPayment(SQLModel, table=True):
    """A payment at the sandbox provider. `state`: open paid declined late cancelled."""

    __tablename__ = "sandbox_payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_sandbox_payment_report_due", "reference", postgresql_where=text("report_due")),
    )

    reference: str = Field(primary_key=True)
    key: str = Field(unique=True)
    number: str  # of the order, as the shop named it
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    state: str = Field(default="open")
    return_url: str
    created_at: datetime = moment()
    until: datetime | None = moment(default=None)
    changed_at: datetime = moment()  # late: when the money will arrive
    changes: int = Field(default=0)
    report_due: bool = Field(default=False)  # a webhook is still to be delivered


class SandboxRefund(SQLModel, table=True):
    """Money that the sandbox gave back."""

    __tablename__ = "sandbox_refund"

    reference: str = Field(primary_key=True)
    key: str = Field(unique=True)
    payment: str = Field(foreign_key="sandbox_payment.reference", index=True)
    amount_minor: int = Field(sa_type=BigInteger)
    at: datetime = moment()


class SandboxParcel(SQLModel, table=True):
    """A parcel of the sandbox carrier. Where it is follows from `booked_at` and the clock alone."""

    __tablename__ = "sandbox_parcel"

    tracking: str = Field(primary_key=True)
    key: str = Field(unique=True)
    days: float  # from booking to delivery, in days of the sandbox
    to_point: bool
    city: str = Field(default="")
    booked_at: datetime = moment()
    cancelled: bool = Field(default=False)
