"""What may import what, read from the sources: an import inside a function or for types alone counts as well."""

import ast
import graphlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("carsite", "ml", "reconstruct")


def module_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {module_of(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


def imports_of(module):
    """The dotted names that a module imports, a submodule or a name of a module alike."""
    for node in ast.walk(ast.parse(SOURCES[module].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports_of(module):
    """The modules of this project that a module imports."""
    for name in imports_of(module):
        parts = name.split(".")
        prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        found = next((prefix for prefix in prefixes if prefix in SOURCES), module)
        # Importing a module imports the packages around it as well: what is in a package never counts as asking for it.
        if found != module and not module.startswith(f"{found}."):
            yield found


GRAPH = {module: set(own_imports_of(module)) for module in SOURCES}


def within(module, *rooms):
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def crossing(of, to):
    """The imports by modules that `of` holds true of, of what `to` holds true of."""
    return [(module, name) for module in SOURCES if of(module) for name in imports_of(module) if to(name)]


def test_the_sources_are_read():
    assert "ml.serving.runtime" in GRAPH["ml.reconstruct"]
    assert "reconstruct.models" in GRAPH["reconstruct.admin.cars"]


def test_no_modules_import_each_other_in_a_circle():
    graphlib.TopologicalSorter(GRAPH).prepare()


def test_the_site_is_imported_by_the_project_and_never_the_other_way_round():
    assert not crossing(lambda module: within(module, "reconstruct"), lambda name: within(name, "carsite"))


def test_no_view_imports_another():
    shared = ("reconstruct.views", "reconstruct.views.responses", "reconstruct.views.params")
    views = {module for module in SOURCES if within(module, "reconstruct.views")} - {*shared}
    assert "reconstruct.views.home" in views
    assert not {(view, name) for view in views for name in GRAPH[view] if name in views}


def test_only_addresses_lead_to_views():
    """What serves more than one page is in a room below them."""
    shared = ("reconstruct.views.responses", "reconstruct.views.params")
    asking = {
        module
        for module, names in GRAPH.items()
        for name in names
        if within(name, "reconstruct.views") and name not in shared
    }
    assert {module for module in asking if not within(module, "reconstruct.views")} == {
        "reconstruct.urls",
        "reconstruct.api.operations",
    }


@pytest.mark.parametrize("module", sorted(SOURCES))
def test_a_module_is_short(module):
    assert len(SOURCES[module].read_text().splitlines()) <= 300


def test_a_view_fits_on_a_screen():
    views = [module for module in SOURCES if within(module, "reconstruct.views")]
    long = [
        (module, node.name)
        for module in views
        for node in ast.walk(ast.parse(SOURCES[module].read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno + 1 > 30
    ]
    assert not long


def test_the_model_knows_nothing_of_the_site():
    assert not crossing(
        lambda module: within(module, "ml"), lambda name: within(name, "django", "reconstruct", "carsite")
    )


def test_serving_needs_no_torch_and_nothing_else_of_the_model():
    outside = {name for module in SOURCES if within(module, "ml.serving") for name in GRAPH[module]}
    assert not {name for name in outside if not within(name, "ml.serving")}
    assert not crossing(
        lambda module: within(module, "ml.serving"), lambda name: within(name, "torch", "torchvision", "onnx")
    )


def test_of_the_model_the_site_imports_what_serves():
    site = [name for module in SOURCES if within(module, "carsite", "reconstruct") for name in GRAPH[module]]
    used = {name for name in site if within(name, "ml")}
    assert "ml.serving.runtime" in used
    assert not {name for name in used if not within(name, "ml.serving")}
