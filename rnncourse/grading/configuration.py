"""What we set in nbgrader, for its own commands and for ours alike."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

#: The name under which nbgrader knows the course.
COURSE_ID = "rnncourse"


def configure(config: Any, directory: str | Path | None = None) -> None:
    """Set nbgrader up for this course.

    Call it from an ``nbgrader_config.py``; what the file sets afterwards wins.

    Parameters
    ----------
    config
        What ``get_config()`` returned.
    directory
        The course directory; default: where nbgrader is started.
    """
    from nbconvert.preprocessors import ClearMetadataPreprocessor
    from nbgrader.preprocessors import (
        AssignLatePenalties,
        ClearOutput,
        DeduplicateIds,
        IgnorePattern,
        LimitOutput,
        OverwriteKernelspec,
        SaveAutoGrades,
    )

    from rnncourse.course.assemble import CODE_STUB, TEXT_STUB
    from rnncourse.grading.executing import CheckCells, OverwriteOnce, SandboxedExecute
    from rnncourse.grading.page import ClearTests, FeedbackExporter, GetMarks
    from rnncourse.grading.sanitise import MendCells

    prepare_environment()
    if directory is not None:
        config.CourseDirectory.root = str(Path(directory).resolve())
    config.CourseDirectory.course_id = COURSE_ID
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.ClearSolutions.text_stub = TEXT_STUB
    config.Autograde.sanitize_preprocessors = [
        ClearOutput,
        MendCells,
        DeduplicateIds,
        OverwriteKernelspec,
        OverwriteOnce,
        CheckCells,
    ]
    config.Autograde.autograde_preprocessors = [
        SandboxedExecute,
        IgnorePattern,
        ClearMetadataPreprocessor,
        LimitOutput,
        SaveAutoGrades,
        AssignLatePenalties,
        CheckCells,
    ]
    config.GenerateFeedback.exporter_class = FeedbackExporter
    config.GenerateFeedback.preprocessors = [GetMarks, ClearTests]


def prepare_environment() -> None:
    """Set what nbgrader and the kernels that it starts read from the environment."""
    # nbgrader calls `alembic`, which stands beside this interpreter
    binaries = str(Path(sys.executable).parent)
    if binaries not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = binaries + os.pathsep + os.environ.get("PATH", "")
    # a test cell that writes to stderr scores 0, and TensorFlow greets there
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
