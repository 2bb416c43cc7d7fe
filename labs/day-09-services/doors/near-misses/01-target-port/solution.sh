kubectl scale deployment tides --replicas=2; sleep 20
