"""Leave files at home and in the package folders that Python and IPython run at their start.

Must happen: no points; the next student's run does not read them.
"""

FIRST = """
import os, site, sysconfig
homes = {os.path.expanduser("~"), "/root", "/tmp", os.environ.get("IPYTHONDIR", "/tmp")}
places = [f"{home}/{name}" for home in homes for name in (
    ".ipython/profile_default/startup/00-<<token>>.py", "profile_default/startup/00-<<token>>.py",
    ".local/lib/python3.11/site-packages/usercustomize.py", ".config/matplotlib/<<token>>.py")]
places += [f"{p}/<<token>>.pth" for p in [*site.getsitepackages(), sysconfig.get_path("stdlib")]]
for place in places:
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w") as file:
            file.write("import os; print('REACHED: left for the next student, <<token>>')\\n")
    except OSError:
        pass
"""
