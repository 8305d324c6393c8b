#!/bin/bash
# Records sample/web-07-audit.log: two minutes of a small web server, watched by the real auditd.
#
#   users and folders ──▶ auditd (own configuration, own log) ──▶ three sessions play the story ──▶ log, checked
#
# Needs a Linux machine that can spare a few minutes: root, auditd installed and not running, python3, git and curl in
# /usr/bin, nothing under /srv/exports, no users `ada` and `svc-build`. Only processes of the story's own sessions are
# recorded (by login uid), so nothing else that runs on the machine gets into the file. Everything is put back at the end.
set -euo pipefail
[ "$(id -u)" = 0 ] || { echo 'record-sample: needs root' >&2; exit 2; }
[ "$(auditctl -s | awk '/^pid/ {print $2}')" = 0 ] || { echo 'record-sample: auditd is running here already' >&2; exit 2; }

out=$(cd "$(dirname "$0")/.." && pwd)/sample/web-07-audit.log
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset CDPATH ENV BASH_ENV
work=$(mktemp -d)
chmod 755 "$work" # the sessions' users start from here
auditd_pid=

restore() {
  auditctl -D -k proc_exec >/dev/null 2>&1 || true
  auditctl -e 0 >/dev/null 2>&1 || true
  auditctl -b 64 >/dev/null 2>&1 || true
  [ -z "$auditd_pid" ] || { kill "$auditd_pid" 2>/dev/null && wait "$auditd_pid" 2>/dev/null || true; }
  userdel -r ada >/dev/null 2>&1 || true
  userdel -r svc-build >/dev/null 2>&1 || true
  rm -rf "$work" /srv/exports /srv/site /opt/maintenance
}
trap restore EXIT

# --- the stage -------------------------------------------------------------------------------------------------------
useradd -m -u 1001 -s /bin/bash ada
useradd -r -m -d /srv/build -u 1004 -s /bin/bash svc-build
for home in /home/ada /srv/build; do
  printf 'export PATH=/usr/bin:/bin LANG=C.UTF-8 PAGER=cat GIT_PAGER=cat\n' > $home/.bash_profile
done
mkdir -p /srv/exports /srv/site /opt/maintenance
for month in 07 08 09 10; do seq 1 400 > "/srv/exports/customers-2026-$month.csv"; done
(
  cd /srv/site
  export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@web-07.example GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@web-07.example
  git init -q -b main .
  for page in index about contact; do echo "<h1>$page</h1>" > $page.html; git add .; git commit -qm "Add the $page page"; done
)
echo 'python3 -m http.server 8000   # to look at the site' > /srv/site/NOTES.md
cat > /opt/maintenance/health.sh <<'SCRIPT'
#!/bin/sh
# What cron runs every two minutes.
set -e
df -h / > /tmp/maintenance-disk.txt
find /srv/site -name '*.html' -newer /etc/hostname | wc -l
find /tmp -maxdepth 1 -name 'maintenance-*' -mtime +7 -delete
tar -czf /tmp/maintenance-site.tar.gz -C /srv site
sha256sum /tmp/maintenance-site.tar.gz | cut -c1-16
rm -f /tmp/maintenance-site.tar.gz /tmp/maintenance-disk.txt
SCRIPT
chmod 755 /opt/maintenance/health.sh
chown -R ada: /srv/site
chown -R svc-build: /srv/exports

# Takes a login uid, as pam_loginuid would set it, and becomes the user: a login shell, or one job as cron starts it.
cat > "$work/enter" <<'SCRIPT'
#!/bin/bash
echo "$2" > /proc/self/loginuid
cd /
unset OLDPWD
export HOME=/ SHELL=/bin/bash PATH=/usr/bin:/bin
[ $# = 3 ] && exec /usr/sbin/runuser -u "$1" -- /bin/sh -c "$3"
exec env -i TERM=xterm /usr/sbin/runuser -l "$1"
SCRIPT
chmod 755 "$work/enter"

# session USER UID: a terminal in which the lines of standard input are typed, `@ N` waits N seconds.
session() {
  while IFS= read -r line; do
    case $line in
      '@ '*) sleep "${line#@ }" ;;
      *) printf '%s\n' "$line"; sleep 0.7 ;;
    esac
  done | script -qfec "$work/enter $1 $2" /dev/null > /dev/null
}
job() { "$work/enter" "$1" "$2" "$3" < /dev/null > /dev/null 2>&1 || true; }

# --- the recorder ----------------------------------------------------------------------------------------------------
cat > "$work/auditd.conf" <<CONF
local_events = yes
write_logs = yes
log_file = $work/audit.log
log_group = root
log_format = ENRICHED
flush = INCREMENTAL_ASYNC
freq = 20
max_log_file = 64
num_logs = 2
max_log_file_action = IGNORE
priority_boost = 4
name_format = USER
name = web-07
space_left = 75
space_left_action = IGNORE
admin_space_left = 50
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
plugin_dir = $work/plugins.d
end_of_event_timeout = 2
CONF
mkdir "$work/plugins.d"
auditd -n -s nochange -c "$work" > "$work/auditd.out" 2>&1 &
auditd_pid=$!
sleep 1
auditctl -b 8192 > /dev/null
auditctl -e 1 > /dev/null
for login in 0 1001 1004; do
  auditctl -a always,exit -F arch=b64 -S execve -S execveat -F success=1 -F auid=$login -k proc_exec
done

# --- the story -------------------------------------------------------------------------------------------------------
job root 0 /opt/maintenance/health.sh

# Ada at work: looks at the site with a server that only she can reach.
session ada 1001 <<'TYPED' &
@ 1
cd /srv/site
ls -la
git status
git log --oneline -n 5
grep -n http.server NOTES.md
cat NOTES.md
@ 4
python3 -m http.server -b 127.0.0.1 8000 > /tmp/site-preview.log 2>&1 &
@ 3
curl -sI http://127.0.0.1:8000/index.html
curl -s http://127.0.0.1:8000/about.html
@ 5
sed -i 's/about/About us/' about.html
git diff --stat
git -c user.name=Ada -c user.email=ada@web-07.example commit -qam 'Say who we are'
git log --grep=http.server --oneline
@ 4
kill %1
/usr/bin/echo python3 -m http.server
python3 -c 'import json, sys; print(json.dumps({"version": sys.version_info[:2]}))'
ps aux | grep http.server | head -n 3
df -h /srv
@ 20
uptime
tail -n 5 /tmp/site-preview.log
rm /tmp/site-preview.log
exit
TYPED
ada=$!

# The build account every minute: what it does all day.
(for _ in 1 2 3; do
  job svc-build 1004 'cd /srv/exports && ls | wc -l && du -sh . && date -u +%FT%TZ && sha256sum *.csv | sort | head -n 2'
  sleep 40
done) &
build=$!

sleep 35
job root 0 'apt list --installed 2>/dev/null | wc -l; dpkg -l python3 | tail -n 1; apt-get -s -q upgrade | grep -c ^Inst; free -m; ss -ltn'

# Somebody who has the build account, in a terminal: looks around, packs the exports, serves them, fetches them.
session svc-build 1004 <<'TYPED'
@ 1
id
whoami
uname -m
w
cat /etc/passwd | cut -d: -f1,7 | grep bash
ps -ef | head -n 5
ip -brief address
ss -ltnp
find /usr/bin /usr/sbin -perm -4000 -type f
ls -la /home /srv /opt
@ 5
tar -czf /tmp/.site-cache.tgz -C /srv exports
ls -la /tmp/.site-cache.tgz
bash -c "cd /srv/exports && python3 -m http.server 8099 --directory /srv/exports" > /tmp/.cache.log 2>&1 &
@ 3
curl -s -o /dev/null -w '%{http_code}\n' http://localhost:8099/customers-2026-10.csv
curl -s -o /dev/null http://127.0.0.1:8099/customers-2026-10.csv
curl -s -o /dev/null http://127.0.0.1:8099/customers-2026-09.csv
@ 6
pkill -u svc-build -f 8099
nohup sh -c "python3 -m http.server 8080 --directory /tmp >/dev/null 2>&1; true" > /dev/null 2>&1 &
@ 2
curl -s -o /dev/null http://127.0.0.1:8080/.site-cache.tgz
@ 4
pkill -u svc-build -f 8080
timeout 3 python3 -m http.server 9090 > /dev/null 2>&1
rm -f /tmp/.site-cache.tgz /tmp/.cache.log
@ 2
exit
TYPED

# A health check that mentions the command in what it prints: a shell line that looks like a server and is none.
job root 0 'bash -c "echo Start the preview with: python3 -m http.server 8000; uptime; true"'
wait "$ada" "$build"
job root 0 /opt/maintenance/health.sh
sleep 3

# --- the file --------------------------------------------------------------------------------------------------------
auditctl -D -k proc_exec > /dev/null
kill "$auditd_pid"; wait "$auditd_pid" 2>/dev/null || true; auditd_pid=
# Starting, stopping and configuring the recorder is not part of the story (and names its kernel and folder).
awk '/type=(DAEMON_[A-Z]+|CONFIG_CHANGE) / { next } { print }' "$work/audit.log" |
  awk '
    { match($0, /audit\([0-9.]+:[0-9]+\)/); id = substr($0, RSTART, RLENGTH); line[NR] = $0; of[NR] = id }
    /comm="(auditctl|auditd)"|auid=4294967295 ses=4294967295/ { dropped[id] = 1 }
    END { for (n = 1; n <= NR; n++) if (!(of[n] in dropped)) print line[n] }' > "$work/sample.log"
host=$(hostname)
# Arguments with spaces and process titles are hexadecimal: looked at decoded as well.
decoded() {
  python3 -c 'import re, sys
for line in sys.stdin: print(line, re.sub("[0-9A-F]{8,}", lambda m: bytes.fromhex(m[0][: len(m[0]) // 2 * 2]).decode("latin1"), line))'
}
if decoded < "$work/sample.log" | grep -aE "/work|/root|/home/[^a]|node=$host|\"$host\""; then
  echo 'record-sample: the lines above name private paths or this host; nothing was written' >&2
  cp "$work/sample.log" /tmp/record-sample-refused.log
  exit 1
fi
cp "$work/sample.log" "$out"
echo "$out: $(grep -c 'type=EXECVE' "$out") executions, $(stat -c %s "$out") bytes"
