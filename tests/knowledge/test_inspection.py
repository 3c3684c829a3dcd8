"""The check of a pack in a process of its own, as far as it can be seen in this one."""

import json
import os
from pathlib import Path

import pytest

from knowledge.inspection import main
from knowledge.pack_files import version_of

TEA = "- {id: tea, ask: Phòng trà ở đâu?, phrasings: [phòng trà ở đâu], answer: Ở tầng 2.}\n"


def test_where_giving_way_is_forbidden_the_check_is_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(_: int) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "nice", forbidden)
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "tea.yaml").write_text(TEA, "utf-8")
    main(tmp_path)
    assert json.loads(capsys.readouterr().out) == {"version": version_of(tmp_path), "faults": []}
