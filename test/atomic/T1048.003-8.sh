# Atomic Red Team, T1048.003 test 8: exfiltration over an unencrypted protocol, python3 http.server.
cd /tmp; python3 -m http.server 9090 & PID=$!; sleep 10; kill $PID
