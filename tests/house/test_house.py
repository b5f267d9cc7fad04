"""What the house agreed on and no other tool checks."""

import ast
import re
import subprocess
import tomllib
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
NAMES_THAT_SAY_NOTHING = {
    *("base", "common", "helper", "helpers", "manager", "misc", "util", "utils"),
}

# In two halves each, so that this file does not name what it forbids.
HOSTS = re.compile(
    "|".join(
        (
            "py" + r"pi\.(org|io)",
            "python" + r"hosted\.org",
            "registry\\." + r"(npm|yarn)",
            "npm" + r"js\.(com|org)",
            "deb\\." + r"debian",
            "cdn" + r"\.",
            "js" + "delivr",
            "un" + r"pkg\.com",
            "cdn" + "js",
            "google" + r"apis\.com",
        ),
    ),
)
MACHINE_PATHS = re.compile(r"(?:^|[^\w.-])/(?:" + "|".join(("wo" + "rk", "r" + "oot")) + ")/")
BARE_EXCUSE = re.compile(r"#\s*(?:" + r"type:\s*ignore(?!\[)|" + r"no" + r"qa(?!:\s*[A-Z]+\d))")


def _files() -> list[Path]:
    """Return what git tracks or would track, without what others wrote."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    found = sorted({ROOT / name for name in listed})
    return [path for path in found if path.is_file() and "vendor" not in path.parts]


def _text(path: Path) -> str:
    """Return what stands in a file, nothing when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def _where(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def _lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    return [
        f"{_where(path, number)}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Return every file of the repository that is ours."""
    return _files()


@pytest.fixture(scope="module")
def modules(files) -> list[Path]:
    """Return every Python file of ours."""
    return [path for path in files if path.suffix == ".py"]


def test_no_file_of_python_is_longer_than_400_lines(modules):
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules
        if "migrations" not in path.parts  # a first revision makes every table
        if (lines := len(_text(path).splitlines())) > LONGEST_FILE
    }
    assert not long, f"one subject each: {long}"


def _lines_of_code(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines a function takes, its signature and its docstring left out."""
    first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
    return node.end_lineno - first.lineno + 1


def test_no_function_is_longer_than_40_lines(modules):
    long = [
        f"{_where(path, node.lineno)} {node.name}"
        for path in modules
        # A table with many columns is one statement, and a test may tell a whole story.
        if not {"migrations", "tests"} & set(path.parts)
        for node in ast.walk(ast.parse(_text(path)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and _lines_of_code(node) > LONGEST_FUNCTION
    ]
    assert not long, f"longer than {LONGEST_FUNCTION} lines: {long}"


def test_every_module_is_named_after_its_subject(modules):
    vague = [
        str(path.relative_to(ROOT))
        for path in modules
        if NAMES_THAT_SAY_NOTHING & {path.stem, path.parent.name}
    ]
    assert not vague, f"say what it is about: {vague}"


def test_no_file_names_a_package_registry_or_asks_a_foreign_host(files):
    assert not _lines_with(HOSTS, files)


def test_no_file_names_a_folder_of_the_machine_it_was_written_on(files):
    assert not _lines_with(MACHINE_PATHS, files)


def test_every_ignored_finding_says_which(modules):
    assert not _lines_with(BARE_EXCUSE, modules)


def test_only_the_plugin_host_imports_by_name(modules):
    host = ROOT / "core" / "plugin_host.py"
    users = [
        _where(path, node.lineno)
        for path in modules
        if path.parts[len(ROOT.parts)] in {"core", "plugins"} and path != host
        for node in ast.walk(ast.parse(_text(path)))
        if _imports_by_name(node)
    ]
    assert not users, f"import-linter sees none of these: {users}"


def _imports_by_name(node: ast.AST) -> bool:
    """Tell whether a node is `import_module` or `__import__`, called or imported."""
    match node:
        case ast.Attribute(attr="import_module") | ast.Name(id="import_module" | "__import__"):
            return True
        case ast.ImportFrom(module="importlib", names=names):
            return any(name.name == "import_module" for name in names)
    return False


@pytest.mark.parametrize("name", ["core", "plugins"])
def test_our_import_names_belong_to_no_other_distribution(name):
    assert set(packages_distributions().get(name, [])) <= {"hatnhan"}


def _folders() -> dict[str, str]:
    return {
        path.parent.name: f"plugins.{path.parent.name}.plugin"
        for path in sorted((ROOT / "plugins").glob("*/plugin.py"))
    }


def test_the_declared_entry_points_are_the_folders_of_plugins():
    project = tomllib.loads(_text(ROOT / "pyproject.toml"))["project"]
    assert project["entry-points"]["hatnhan.plugins"] == _folders()


def test_the_installed_entry_points_are_the_declared_ones():
    ours = {
        point.name: point.value
        for point in entry_points(group="hatnhan.plugins")
        if point.dist is not None and point.dist.name == "hatnhan"
    }
    assert ours == _folders(), "a plugin was added or removed: say make setup"


def _lock() -> str:
    return _text(ROOT / "requirements.lock")


def test_the_lock_has_a_hash_for_every_package_and_no_address():
    lock = _lock()
    pins = re.findall(r"^[a-z0-9][^\n]*(?:\n[ ]+[^\n]*)*", lock, flags=re.MULTILINE)
    assert pins
    assert [pin for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in lock
    assert "--index" not in lock


def test_the_lock_holds_every_declared_package():
    pyproject = tomllib.loads(_text(ROOT / "pyproject.toml"))
    declared = [*pyproject["project"]["dependencies"], *pyproject["dependency-groups"]["dev"]]
    names = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in declared}
    locked = set(re.findall(r"^([a-z0-9.-]+)(?:\[.*?\])?==", _lock(), flags=re.MULTILINE))
    assert names <= locked, "say make lock"


def test_the_npm_lock_names_no_address():
    assert '"resolved"' not in _text(ROOT / "package-lock.json")


def test_the_makefile_has_one_line_for_each_target():
    lines = [line for line in _text(ROOT / "Makefile").splitlines() if line.strip()]
    rules = [line for line in lines if not line.startswith(("#", ".PHONY"))]
    assert all(re.match(r"[a-z-]+:.*; @", line) for line in rules)


@pytest.mark.parametrize("mirror", [".", "core", "core/*", "plugins", "plugins/*"])
def test_there_is_no_package_in_the_mirror_of_the_tree(mirror):
    # With tests/core/__init__.py pytest would import tests/core as `core`.
    assert not list((ROOT / "tests").glob(f"{mirror}/__init__.py"))
