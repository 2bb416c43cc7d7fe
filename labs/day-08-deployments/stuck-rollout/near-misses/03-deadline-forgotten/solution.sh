kubectl set image deployment/tides web=nginx:1.27; sleep 90
