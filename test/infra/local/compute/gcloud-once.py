"""gcloud, loaded once for many commands: its 0.7 s of imports are most of what a command costs.

gcloud's own wrapper starts this in the place of lib/gcloud.py, whose path is the first argument. Each line of stdin is a
command, {"id", "args", "env", "out", "err"}; it runs lib/gcloud.py as it stands in a fork of its own, with this
environment, and prints to the files `out` and `err`. Each line of stdout is an answer, {"id", "code"}.
"""

import contextlib
import importlib
import json
import os
import runpy
import signal
import sys

program = sys.argv[1]


def load():
  """What every command imports. A version of gcloud without one of these modules is only slower."""
  runpy.run_path(program)
  for module in (
      'gcloud_main',
      'api_lib.compute.base_classes',
      'generated_clients.apis.compute.v1.compute_v1_client',
  ):
    with contextlib.suppress(ImportError):
      importlib.import_module('googlecloudsdk.' + module)


def run(command):
  """Runs it; never returns."""
  for number, file in ((1, command['out']), (2, command['err'])):
    os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600), number)
  os.environ.clear()
  os.environ.update(command['env'])
  sys.argv = [program] + command['args']
  code = 0
  try:
    runpy.run_path(program, run_name='__main__')
  except SystemExit as ended:
    code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
  sys.stdout.flush()
  sys.stderr.flush()
  os._exit(code)


def answer(command):
  """Runs it in a process of its own and says how it ended; never returns."""
  child = os.fork()
  if child == 0:
    run(command)
  _, status = os.waitpid(child, 0)
  line = json.dumps({'id': command['id'], 'code': os.waitstatus_to_exitcode(status)}) + '\n'
  os.write(1, line.encode())
  os._exit(0)


load()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
  if os.fork() == 0:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answer(json.loads(line))
