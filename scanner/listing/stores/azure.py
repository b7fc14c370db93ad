"""The reader of Azure Blob answers: blobs of a container, containers of a service, errors.

Form: List Blobs and List Containers of the Blob service REST API; it follows no URL that an answer holds.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from scanner.listing.row_reader import told, whole
from scanner.listing.stores.xml_store import XmlStore
from scanner.listing.xml.trees import Tree

_ROOTS = frozenset({"EnumerationResults"})
_WANTED = frozenset({"Blob", "BlobPrefix", "Container", "NextMarker"})


class AzurePage(XmlStore):
    """Reads one page of what lies below `prefix` (unquoted; empty or ending with a slash)."""

    def __init__(self, prefix: bytes = b"") -> None:
        super().__init__("azure", _ROOTS, _WANTED, prefix)

    def _tree(self, tree: Tree) -> None:
        if self._trees.root == "Error":
            self._error(tree)
        elif tree.name == "NextMarker":
            self.more = bool(tree.text)
            self.next = {"marker": tree.text.decode("utf-8", "surrogateescape")} if tree.text else {}
        elif tree.name == "Container":
            self._container(tree.value("Name"))
            self._listed(self._row or tree.shape)
        elif tree.name in ("Blob", "BlobPrefix"):
            self._blob(tree)
            self._listed(self._row or tree.shape)
        self.strays = self._keys.strays

    def _container(self, name: bytes) -> None:
        if name and b"/" not in name:
            self._flat.directory("", name)

    def _blob(self, tree: Tree) -> None:
        """A blob that is there now, or a prefix; snapshots and what was deleted are other versions of it."""
        name = tree.first("Name")
        if name is None or tree.value("Snapshot") or tree.value("Deleted").lower() == b"true":
            return
        key = unquote_to_bytes(name.text) if name.attributes.get("Encoded", b"").lower() == b"true" else name.text
        folder = (tree.name == "BlobPrefix" or tree.value("Properties", "ResourceType") == b"directory"
                  or tree.value("Metadata", "hdi_isfolder").lower() == b"true")
        if folder:
            self._keys.folder(key)
        else:
            self._keys.object(key, whole(tree.value("Properties", "Content-Length")),
                              self._times[tree.value("Properties", "Last-Modified")])

    def _end(self) -> None:
        if self._trees.root == "Error":
            self._failed()
        elif self._trees.root:
            self._listed()
            name = self._trees.attributes.get("ContainerName", b"").rstrip(b"/").rpartition(b"/")[2]
            if name:
                self.facts["store.name"] = told(name)
