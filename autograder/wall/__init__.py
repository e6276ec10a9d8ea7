"""The wall between the marker and what is marked: how it works.

Eight kinds of process take part. The far side starts from a clean interpreter, so that torch is imported once for a whole class
and no process that a student's code runs in has ever held a hidden test.

::

    coordinator            convgrade itself: collects, records, writes reports          the user's, root under sudo
      |  forks, when a hand-in has to be read: reader, which forks again for each, within limits (runner/reader_process.py)
      |  starts, by launch.py: python -I -S -B inside/base.py, an environment built from nothing
      |  --- control: one SOCK_SEQPACKET pair; a request carries the descriptor of a worker's channel
    base                   imports torch, tries which tier holds, forks pairs            the same user; one thread
      |  forks, for each core:
      |-- zygote           goes behind the wall itself (mounts or chroot, Landlock on    the same user until it forks;
      |     |              tier D), then forks; never holds a trusted module             never runs student code
      |     |  forks, for each process that a submission is given:
      |     '-- keeper     enters new namespaces, forks the child, waits, tells how      the same user; never runs
      |           |        it ended                                                      student code
      |           '-- child      goes behind all other layers, then runs student code    a uid of its own on A and C,
      |                                                                                  no capability; pid 1 on A and B
      '-- trusted worker   collects the hidden suites once, warm                         the same user
            |              --- channel to the coordinator: a SOCK_STREAM pair; tasks in, results out
            |              --- control to its zygote: a SOCK_SEQPACKET pair; "open", "interrupt", "end", "sweep"
            '-- its fork   grades one submission under limits of its own and ends        the same user
                           --- channel to the child: a SOCK_STREAM pair made for each child; frames of ``shared/wire``

The coordinator starts the base; the base forks zygotes and workers; a worker's fork asks the zygote for a
child (``zygote_client``) and sends it one end of the channel, a /dev/null opened for it alone and, where the machine has
cgroups to give, the way into one. The child keeps those and nothing else.

No process has to be root. Under sudo every process but the child is, and the child has given root up, for good, before the first
line of a student's code. Without root the child is the user, inside a user namespace (B) or behind Landlock and seccomp alone (D).

How processes end: a child that is late, answers out of turn or sends anything but an answer is killed through its keeper, and its
namespace with it. When the coordinator ends, the base's control socket closes; the base kills the workers, the zygotes see their sockets close
and end their children. Every process also has the kernel kill it when its parent dies.

The modules: ``layers`` declares each layer of the wall, one row each; ``tiers`` and ``launch`` say what holds on this machine
and start the far side, ``installed`` what a submission does not see though it is installed; ``zygote_client``, ``channel`` and
``conversation`` are the trusted end of a submission's process, ``own_time`` its time and ``cgroup`` its memory as the kernel counts
it; ``session`` is what a submission may be asked; ``student`` is the fixture that hidden tests use; ``failures`` is what a call ends
in besides a value; ``cells`` are a notebook's. ``inside/`` is the far side and imports nothing of the project but
``shared/``, what both sides speak.
"""
