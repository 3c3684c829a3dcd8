"""The next version of a pack's files: what was learned as lines of YAML, checked before any file is replaced."""

import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from knowledge.checks import check
from knowledge.faults import Fault, PackError
from knowledge.pack import Pack, load
from knowledge.phrasings import Phrasing, new_to, with_phrasings
from knowledge.topic_file import with_lines


@dataclass(frozen=True)
class Changed:
    """A file as it is, and as it shall be."""

    file: Path
    before: str
    after: str


@dataclass(frozen=True)
class Revision:
    """Changes of a pack's files that are not written yet.

    Attributes:
        pack: as it is.
        phrasings: what is new to it.
        files: the files that change.
    """

    pack: Pack
    phrasings: tuple[Phrasing, ...]
    files: tuple[Changed, ...]

    def diff(self) -> str:
        """The changes as a patch."""
        parts: list[str] = []
        for one in self.files:
            name = one.file.relative_to(self.pack.folder).as_posix()
            before, after = one.before.splitlines(keepends=True), one.after.splitlines(keepends=True)
            parts += unified_diff(before, after, f"a/{name}", f"b/{name}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in parts)

    def faults(self) -> list[Fault]:
        """What `isobot check` would find in the changed pack."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.pack.folder.resolve().name
            shutil.copytree(self.pack.folder, copy)
            for one in self.files:
                _write(copy / one.file.relative_to(self.pack.folder), one.after)
            try:
                changed = load(copy)
                faults = check(changed)
            except PackError as error:
                return [self._here(fault, copy) for fault in error.faults]
        if not faults and changed.topics != with_phrasings(self.pack, self.phrasings).topics:
            cure = "viết phrasings của các chủ đề này thành danh sách thường, mỗi cách hỏi một dòng"
            return [Fault(self.pack.folder / "topics", 0, "không thêm được cách hỏi mà giữ nguyên phần còn lại", cure)]
        return [self._here(fault, copy) for fault in faults]

    def write(self) -> None:
        """Replace the files, each at once.

        Raises:
            OSError: the folder cannot be written to, and no file was replaced.
        """
        new = [one.file.with_name(f".{one.file.name}.new") for one in self.files]
        try:
            for one, file in zip(self.files, new, strict=True):
                _write(file, one.after)
                shutil.copymode(one.file, file)
            for one, file in zip(self.files, new, strict=True):
                file.replace(one.file)
        finally:
            for file in new:
                file.unlink(missing_ok=True)

    def _here(self, fault: Fault, copy: Path) -> Fault:
        return replace(fault, file=self.pack.folder / fault.file.relative_to(copy))


def revise(pack: Pack, phrasings: Iterable[Phrasing]) -> Revision:
    """The pack's files with those of the phrasings that are new to it."""
    new = tuple(new_to(pack, phrasings))
    files = []
    for file in sorted({pack.places[one.topic][0].file for one in new}):
        # Line ends stay as they are.
        with file.open(encoding="utf-8", newline="") as opened:
            before = opened.read()
        texts: dict[str, list[str]] = {}
        for one in new:
            texts.setdefault(one.topic, []).append(one.text)
        files.append(Changed(file, before, with_lines(before, texts)))
    return Revision(pack, new, tuple(files))


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        opened.write(text)
