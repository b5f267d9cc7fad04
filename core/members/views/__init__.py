"""Pages about members, one module per occasion."""

from core.members.views import acts, history, lists, me, merging, places, record, requests

blueprints = [
    lists.blueprint,
    record.blueprint,
    acts.blueprint,
    history.blueprint,
    merging.blueprint,
    requests.blueprint,
    me.blueprint,
    places.blueprint,
]

__all__ = ["blueprints"]
