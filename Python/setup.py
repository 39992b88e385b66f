"""Makes the wheel one for any Python 3 on one platform: its library is loaded, not linked."""
from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel


class LoadedLibrary(Distribution):
    def has_ext_modules(self):
        return True


class PlatformWheel(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


setup(distclass=LoadedLibrary, cmdclass={"bdist_wheel": PlatformWheel})
