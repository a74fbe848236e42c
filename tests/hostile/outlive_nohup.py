"""Leave processes behind by nohup, setsid, timeout and a shell's background.

Must happen: no points, and no process is left.
"""

FIRST = """
import subprocess
subprocess.Popen("nohup setsid sleep 98765 <<number>> & (trap '' 1 2 15; sleep 98764 <<number>>) &"
                 "at now + 1 minute; crontab -l", shell=True, start_new_session=True)
"""
