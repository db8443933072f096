# Becomes what it is told, which is Maven, and says before in the link .pollux/maven which process that is:
# should the start that waits for it be killed, it goes on. Run by launch/build.sh, at the root.
set -eu

. ./launch/lock.sh
rm -f .pollux/maven
ln -s "$$.$(birth "$$")" .pollux/maven || : # On a full disk Maven will say so itself.
exec "$@"
