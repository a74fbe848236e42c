"""Put configuration and start-up files of IPython beside the notebook.

Must happen: no points; none of them is read.
"""

_EVIL = "print('REACHED: a planted IPython file ran')\n"
_CONFIG = "c = get_config()\nc.InteractiveShellApp.exec_lines = [" + repr(_EVIL) + "]\n"

FILES = {
    "ipython_config.py": _CONFIG,
    "ipython_kernel_config.py": _CONFIG,
    "jupyter_config.py": _CONFIG,
    ".ipython/profile_default/startup/00.py": _EVIL,
    ".ipython/profile_default/ipython_config.py": _CONFIG,
    ".jupyter/jupyter_server_config.py": _CONFIG,
    "profile_default/ipython_config.py": _CONFIG,
}
