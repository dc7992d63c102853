"""Runs a program on a pseudo-terminal of its own: argv is columns, rows, then the program and its arguments.

Standard output carries what the program writes, byte for byte. Standard input takes one JSON object a line:
{"type": "text"} presses keys, {"resize": [columns, rows]} changes the window. Ends as the program ends.
"""
import errno
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def set_size(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data):]


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError as error:
        # Linux says so when no process has the terminal open any more; macOS reads nothing.
        if error.errno == errno.EIO:
            return b""
        raise


columns, rows = int(sys.argv[1]), int(sys.argv[2])
ended, wake = os.pipe()
os.set_blocking(wake, False)
signal.set_wakeup_fd(wake)
signal.signal(signal.SIGCHLD, lambda *_: None)

process, terminal = pty.fork()
if process == 0:
    set_size(0, columns, rows)
    os.execvp(sys.argv[3], sys.argv[3:])

watched = [terminal, 0, ended]
pending = b""
status = None
while True:
    # After the end only what is already there is read: a daemon may keep the terminal open.
    ready, _, _ = select.select(watched, [], [], None if status is None else 0)
    if terminal in ready:
        data = read_terminal(terminal)
        if data:
            try:
                write_all(1, data)
            except BrokenPipeError:
                # Whoever looked is gone, as when a window is closed.
                os.kill(process, signal.SIGHUP)
                sys.exit(1)
        else:
            watched.remove(terminal)
    elif status is not None:
        break
    if ended in ready:
        os.read(ended, 4096)
        if status is None:
            found, code = os.waitpid(process, os.WNOHANG)
            if found == process:
                status = os.waitstatus_to_exitcode(code)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            watched.remove(0)
            if status is None:
                os.kill(process, signal.SIGHUP)
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            command = json.loads(line)
            if "type" in command:
                write_all(terminal, command["type"].encode())
            else:
                set_size(terminal, *command["resize"])

sys.exit(status if status >= 0 else 128 - status)
