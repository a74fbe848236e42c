"""Leave System V shared memory, semaphores and queues, and POSIX ones, to the next student.

Must happen: no points; outside the run, none of them exists.
"""

FIRST = """
import ctypes, multiprocessing.shared_memory, os
libc = ctypes.CDLL(None)
for make in (lambda: libc.shmget(0x48057, 4096, 0o1666), lambda: libc.semget(0x48057, 1, 0o1666),
             lambda: libc.msgget(0x48057, 0o1666),
             lambda: libc.mq_open(b"/<<token>>", os.O_CREAT | os.O_RDWR, 0o666, None)):
    make()
kept = multiprocessing.shared_memory.SharedMemory("planted-<<token>>", create=True, size=4096)
"""
