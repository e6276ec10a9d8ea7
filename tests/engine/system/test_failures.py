"""Failures of our own: killed, interrupted, without room, with a broken gradebook. No grade is lost and none is wrong.

A small class is graded once undisturbed; whatever happens to another run, running it again must come to the same bytes.
Moments are random: a failure prints its seed, and ``FAILURES_SEED=… pytest`` repeats it.
"""

import ctypes
import fcntl
import os
import pty
import random
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from autograder.cli import main, progress
from autograder.gradebook.gradebook import Gradebook
from autograder.model import Fingerprint, Result
from autograder.prepare.attacks.watch import descendants
from tests.engine.toy_course import copied

SEED = int(os.environ.get("FAILURES_SEED") or random.SystemRandom().randrange(10**6))
COUNT = 12
SLOW = "import time\ntime.sleep(0.15)\n"
PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(scope="module", autouse=True)
def orphans_are_ours():
    """What outlives its coordinator becomes a child of this process, where it is found."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    yield
    prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


@pytest.fixture
def dice():
    print(f"FAILURES_SEED={SEED}")
    return random.Random(SEED)


class Place:
    """A toy course and a class for it, in a folder of their own."""

    def __init__(self, top: Path):
        self.config, self.hand_ins = copied(top), top / "class"
        for number in range(COUNT):
            one = self.hand_ins / f"s{number:02d}"
            shutil.copytree(self.config.parent / "submission", one)
            # Right numbers: nothing is asked of the student once the checks are through, so only they can notice a dead zygote.
            (one / "answers.toml").write_text("[q1]\narea = 221\nvolume = 4199\n", "utf-8")
            given = (one / "q1_box.py").read_text("utf-8")
            code = (given, given.replace("2 * (height + width)", "height * width"), "def area(a, b=4):\n    return [][a]\n")
            (one / "q1_box.py").write_text(SLOW + code[number % 3], "utf-8")

    def words(self, out, *more):
        return ["grade", str(self.hand_ins), "--out", str(out), "--config", str(self.config), *more]

    def command(self, out, *more):
        return [sys.executable, "-m", "autograder", *self.words(out, *more)]

    def start(self, out, *more, **how):
        how = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True, **how}
        return subprocess.Popen(self.command(out, *more), **how)

    def completed(self, out, allowed=(0,)):
        """Run it to its end; what it said."""
        run = self.start(out)
        said = run.communicate(timeout=600)[1]
        assert run.returncode in allowed, said
        return said

    def here(self, out, capsys, *more):
        """The command in this process: its exit status and what it said after its first line."""
        with pytest.raises(SystemExit) as ended:
            main.main(self.words(out, *more))
        return ended.value.code, capsys.readouterr().err.partition("hand-in\n")[2]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("failures"))


@pytest.fixture(scope="module")
def undisturbed(place, tmp_path_factory):
    """The results of a run to which nothing happens."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    place.completed(out)
    return out


def files(out):
    """Every file of the results by its bytes, but for the gradebook, which knows when."""
    paths = [path for path in out.rglob("*") if path.is_file() and "gradebook" not in path.name]
    return {str(path.relative_to(out)): path.read_bytes() for path in paths}


def grades(out):
    """Every grade that is in the gradebook, by id."""
    with Gradebook(out / "gradebook.sqlite") as book:
        return {one.id: [then.result.parts for then in book.history(one.id)] for one in book.latest()}


def check(out, undisturbed):
    """The same bytes; and of all the grades on the way no single one was another."""
    assert files(out) == files(undisturbed)
    ours, theirs = grades(out), grades(undisturbed)
    assert ours.keys() == theirs.keys()
    assert all(one == theirs[id][0] for id, every in ours.items() for one in every)


def reported(out):
    return {path.parent.name for path in out.glob("submissions/*/results.json")}


@contextmanager
def nothing_left(seconds=4.0):
    """What runs below this process afterwards ran before: at once, or for as long as an import of torch takes."""
    before = descendants(os.getpid()).keys()
    yield
    ends = time.monotonic() + seconds
    while left := descendants(os.getpid()).keys() - before:
        assert time.monotonic() < ends, [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in left]
        time.sleep(0.02)


def until(holds, run, seconds=300):
    ends = time.monotonic() + seconds
    while not holds() and run.poll() is None:
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.005)


@pytest.mark.thorough
def test_the_coordinator_is_killed_a_dozen_times(place, undisturbed, tmp_path, dice):
    out, killed = tmp_path / "out", 0
    # While it starts, while results come in, and while those known already are written again.
    moments = [("start", dice.uniform(0, 1.2)) for _ in range(5)] + [("results", dice.uniform(0, 0.1)) for _ in range(2)]
    dice.shuffle(moments)
    moments += [("known", dice.uniform(0.2, 0.6)) for _ in range(5)]
    for kind, wait in moments:
        before = reported(out)
        with nothing_left():
            run = place.start(out)
            if kind == "results":
                until(lambda before=before: len(reported(out)) > len(before), run)
            time.sleep(wait)
            killed += run.poll() is None
            run.kill()
            said = run.communicate()[1]
        assert "Traceback" not in said
        assert before <= reported(out)
        if reported(out):  # what was shown had been recorded
            assert reported(out) <= grades(out).keys()
    assert killed >= 10
    place.completed(out)
    check(out, undisturbed)
    assert not list(out.rglob("*.new"))


@pytest.mark.thorough
def test_workers_zygotes_and_the_base_are_killed_and_another_run_wants_the_same_folder(place, undisturbed, tmp_path, dice):
    out, killed = tmp_path / "out", []
    with nothing_left():
        run = place.start(out, "--jobs", "2")
        until(lambda: reported(out), run)
        kill_a_zygote_in_the_middle_of_a_call(run)
        run.send_signal(signal.SIGSTOP)  # so that it is there for as long as another takes to start
        second = place.start(out)
        refused = second.communicate(timeout=300)[1]
        run.send_signal(signal.SIGCONT)
        reader = next(pid for pid in below(run.pid) if b"base.py" not in command(pid))
        os.kill(reader, signal.SIGKILL)  # then nothing is known of what is not asked yet, and it is asked
        whom = ["base", *["one below"] * 5]
        dice.shuffle(whom)
        for who in whom:
            base, others = ours(run.pid, undisturbed)
            while not others and run.poll() is None:  # one that was killed is being replaced
                time.sleep(0.005)
                base, others = ours(run.pid, undisturbed)
            if not others:
                break
            with suppress(ProcessLookupError):
                os.kill(base if who == "base" else dice.choice(others), signal.SIGKILL)
                killed.append(who)
            time.sleep(dice.uniform(0.1, 0.4))
        said = run.communicate(timeout=600)[1]
    assert second.returncode == 2 and "another run is grading into this folder" in refused and str(out) in refused
    assert len(killed) >= 3, said
    assert run.returncode in (0, 1, 2) and "Traceback" not in said, said
    if run.returncode:  # twice over the same submission, or three times while one started: told, and to be run again
        assert "not graded; run again: convgrade grade" in said or "ended before they were ready" in said
        place.completed(out)
    check(out, undisturbed)


def kill_a_zygote_in_the_middle_of_a_call(run):
    """Above a student's process stands its keeper, and above that the zygote."""
    while run.poll() is None:
        try:
            first = next(pid for pid, depth in descendants(run.pid).items() if depth == 4)
            time.sleep(0.06)  # of the 0.15 s that its import takes
            os.kill(parent(parent(first)), signal.SIGKILL)
            return
        except (StopIteration, OSError):
            time.sleep(0.002)  # none yet, or done with: the next one


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def below(coordinator):
    return [pid for pid, depth in descendants(coordinator).items() if depth == 1]


def command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def ours(coordinator, undisturbed):
    """The base, and what is below it: zygotes and workers, then keepers and grading processes. A third step down is the
    student's own, and so is whether it lives; without namespaces or a user of its own, its keeper is as well."""
    base = next((pid for pid in below(coordinator) if b"base.py" in command(pid)), 0)
    tier = (undisturbed / "grades.csv").read_text("utf-8").splitlines()[1].split(",")[-2]
    deep = 2 if tier in "ABC" else 1
    return base, [pid for pid, depth in descendants(base).items() if depth <= deep] if base else []


@pytest.mark.thorough
def test_ctrl_c_twice_in_the_middle_of_an_endless_call(place, tmp_path):
    """At a terminal, where a bar shows what is done, how fast and how long still."""
    out, hand_ins = tmp_path / "out", tmp_path / "class"
    for name in ("s00", "s01", "s02"):
        shutil.copytree(place.hand_ins / name, hand_ins / name)
    (hand_ins / "s02" / "q1_box.py").write_text("def area(height, width=4):\n    while True: pass\n", "utf-8")
    terminal, theirs = pty.openpty()
    command = [*place.command(out, "--jobs", "1")]
    command[command.index(str(place.hand_ins))] = str(hand_ins)
    with nothing_left():
        run = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=_take_terminal
        )
        os.close(theirs)
        shown = _read(terminal, lambda shown: "2/3" in shown)
        shown += _read(terminal, lambda _: False, seconds=0.4)
        began = time.monotonic()
        os.write(terminal, b"\x03")
        time.sleep(0.02)
        os.write(terminal, b"\x03")
        run.wait(60)
        took = time.monotonic() - began
    shown += _read(terminal, lambda _: False, seconds=0.1)
    os.close(terminal)
    assert re.search(r"grading .*2/3.* \d+\.\d/s, about \d+ s left", shown), shown
    assert run.returncode == 130 and "Traceback" not in shown and took < 10  # the call itself has no end
    again = re.search(r"what was graded is kept, this goes on from there: convgrade (grade .*)", shown.replace("\r", ""))
    assert again and str(out) in again[1]
    assert reported(out) == grades(out).keys() == {"s00", "s01"}
    assert not (out / "grades.csv").exists()  # which would look like the whole class


def _take_terminal():
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _read(terminal, enough, seconds=300.0):
    """What a terminal shows until that is enough, or for so long."""
    shown, ends = "", time.monotonic() + seconds
    while not enough(shown) and (left := ends - time.monotonic()) > 0:
        if select.select([terminal], [], [], left)[0]:
            try:
                shown += os.read(terminal, 1 << 16).decode("utf-8", "replace")
            except OSError:  # the last one that wrote to it has gone
                break
    return shown


def test_a_termination_ends_it_as_ctrl_c_does(place, tmp_path):
    with nothing_left():
        run = place.start(tmp_path / "out")
        until(lambda: (tmp_path / "out" / "gradebook.sqlite").exists(), run)
        run.terminate()
        said = run.communicate(timeout=600)[1]
    assert run.returncode == 128 + signal.SIGTERM
    assert "what was graded is kept" in said and "Traceback" not in said


def test_in_a_pipe_a_line_comes_by_the_clock(place, capsys, monkeypatch):
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.1)
    with progress.shown(COUNT) as told:
        time.sleep(0.25)
        assert re.search(rf"graded 0 of {COUNT}, \d s so far", capsys.readouterr().err)
        for _ in range(3):
            told(Result("", "", "graded", (), Fingerprint("", "", "", "", ""), "", seconds=0.1), True)
        time.sleep(0.15)
        assert re.search(rf"graded 3 of {COUNT}, about \d+ s left", capsys.readouterr().err)


@contextmanager
def small_disk(folder, kilobytes):
    """``folder`` on a disk of so many kilobytes; what is given makes room. Where nothing can be mounted, files end there."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "full", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        yield (
            {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))},
            lambda: None,
        )
        return
    try:
        yield {}, lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.thorough
def test_a_full_disk_is_told_and_with_room_the_class_is_completed(place, undisturbed, tmp_path):
    with small_disk(tmp_path / "disk", 200) as (how, make_room), nothing_left():
        out = tmp_path / "disk" / "out"
        run = place.start(out, **how)
        said = run.communicate(timeout=600)[1]
        assert run.returncode == 2 and "Traceback" not in said, said
        assert re.search(r"(cannot be written|cannot be used): .*Make room", said) and str(out) in said
        assert not list(out.rglob("*.new"))
        make_room()
        kept = grades(out)
        assert reported(out) <= kept.keys() and 0 < len(kept) < COUNT
        place.completed(out)
        check(out, undisturbed)


@pytest.fixture
def out(undisturbed, tmp_path):
    """Results as they are after a whole run: to grade again needs no worker."""
    return shutil.copytree(undisturbed, tmp_path / "out")


def test_results_that_are_gone_come_again_from_the_gradebook(place, undisturbed, out, capsys):
    shutil.rmtree(out / "submissions" / "s03")
    (out / "submissions" / "s04" / "feedback.html").write_bytes(b"")  # as after a power cut
    (out / "grades.csv").unlink()
    assert place.here(out, capsys) == (0, "")
    check(out, undisturbed)


@pytest.mark.parametrize(
    "damage",
    [lambda data: b"", lambda data: b"id,score\n" * 2000, lambda data: data[: len(data) // 2], lambda data: data[:5000]],
    ids=["empty", "text", "half", "head"],
)
def test_a_damaged_gradebook_is_left_as_it_is_and_told(place, undisturbed, out, capsys, damage):
    path = out / "gradebook.sqlite"
    data = damage(path.read_bytes())
    path.write_bytes(data)
    status, said = place.here(out, capsys)
    assert status == 2 and said.startswith(f"convgrade: {path}: the gradebook cannot be used: ")
    assert "Move it away and run again" in said
    assert path.read_bytes() == data and files(out) == files(undisturbed)


def test_an_empty_gradebook_without_results_is_one_that_was_just_begun(tmp_path):
    (tmp_path / "gradebook.sqlite").touch()
    assert grades(tmp_path) == {}


@contextmanager
def unwritable(folder):
    """Nothing can be made in ``folder``, not even by root."""
    folder.chmod(0o555)
    mounted = os.geteuid() == 0 and not subprocess.run(["mount", "--bind", "-o", "ro", folder, folder]).returncode
    fixed = os.geteuid() == 0 and not mounted
    if fixed:
        subprocess.run(["chattr", "+i", folder], check=True)
    try:
        with pytest.raises(OSError):
            (folder / "probe").touch()
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)
        if fixed:
            subprocess.run(["chattr", "-i", folder], check=True)
        folder.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_told_before_anything_is_graded(place, undisturbed, tmp_path, capsys):
    locked = tmp_path / "locked"
    locked.mkdir()
    with unwritable(locked):
        for out in (locked, locked / "new"):
            status, said = place.here(out, capsys)
            assert status == 2 and said.startswith(f"convgrade: {out}") and "with --out" in said, said
    assert not list(locked.iterdir())
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", tmp_path / "file" / "new"):
        status, said = place.here(out, capsys)
        assert status == 2 and said.startswith(f"convgrade: {out}: results cannot be written") and "--out" in said


@pytest.mark.parametrize("taken", ["submissions/s03/results.json", "submissions/s03", "grades.csv"])
def test_something_else_in_the_place_of_a_result_is_told(place, undisturbed, out, capsys, taken):
    path = out / taken
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.touch() if taken == "submissions/s03" else path.mkdir()
    status, said = place.here(out, capsys)
    assert status == 2 and f"convgrade: {path}" in said and "results cannot be written" in said
    assert not list(out.rglob("*.new"))
    path.unlink() if path.is_file() else path.rmdir()
    assert place.here(out, capsys) == (0, "")
    check(out, undisturbed)


def test_an_output_that_takes_nothing_is_told(place, undisturbed, out):
    with open("/dev/full", "w") as full:
        run = place.start(out, stdout=full)
        said = run.communicate(timeout=300)[1]
    assert run.returncode == 2 and said.endswith("hand-in\nconvgrade: output: No space left on device\n")
    check(out, undisturbed)
