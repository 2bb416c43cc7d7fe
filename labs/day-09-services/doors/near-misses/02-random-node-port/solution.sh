kubectl scale deployment tides --replicas=2
kubectl expose deployment tides --port=80 --type=NodePort
sleep 20
