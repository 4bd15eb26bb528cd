"""Queues that serve their clients in turn."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FairQueue"]

_Item = TypeVar("_Item")


class FairQueue(Generic[_Item]):
    """First come first served among the items of one client; the clients take turns.

    >>> queue = FairQueue()
    >>> for client, item in [("a", 1), ("a", 2), ("a", 3), ("b", 4)]:
    ...     queue.put(client, item)
    >>> [queue.take() for _ in range(len(queue))]
    [1, 4, 2, 3]
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[_Item]] = OrderedDict()

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __iter__(self) -> Iterator[_Item]:
        for items in self._waiting.values():
            yield from items

    def put(self, client: str, item: _Item) -> None:
        """Add an item behind the others of its client."""
        self._waiting.setdefault(client, deque()).append(item)

    def take(self) -> _Item:
        """Remove the next item.

        Raises:
            KeyError: if there is none.
        """
        client, items = self._waiting.popitem(last=False)
        item = items.popleft()
        if items:
            self._waiting[client] = items
        return item

    def remove(self, client: str, item: _Item) -> bool:
        """Remove an item wherever it stands; tells whether it was there."""
        items = self._waiting.get(client)
        if items is None or item not in items:
            return False
        items.remove(item)
        if not items:
            del self._waiting[client]
        return True
