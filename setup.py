"""What pyproject.toml cannot say: a wheel carries `assets/`, which lies beside the package here, inside it."""

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ASSETS = Path(__file__).parent / "assets"
ONLY_HERE = (".gif",)
"""README's pictures: nothing in the package shows them."""


class WithAssets(build_py):
    def run(self):
        super().run()
        if self.editable_mode:
            return
        for path in sorted(ASSETS.rglob("*")):
            if path.is_file() and path.suffix not in ONLY_HERE:
                target = Path(self.build_lib, "convviz", "assets", path.relative_to(ASSETS))
                target.parent.mkdir(parents=True, exist_ok=True)
                self.copy_file(str(path), str(target))


setup(cmdclass={"build_py": WithAssets})
