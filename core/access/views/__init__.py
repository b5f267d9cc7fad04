"""Pages of sign-in, of one's own account, of accounts and rights at a unit."""

from core.access.views import (
    accounts,
    own_account,
    passwords,
    people,
    rights,
    second_factor,
    signing_in,
    switching,
    tokens,
)

blueprints = [
    accounts.blueprint,
    own_account.blueprint,
    passwords.blueprint,
    people.blueprint,
    rights.blueprint,
    second_factor.blueprint,
    signing_in.blueprint,
    switching.blueprint,
    tokens.blueprint,
]

__all__ = ["blueprints"]
