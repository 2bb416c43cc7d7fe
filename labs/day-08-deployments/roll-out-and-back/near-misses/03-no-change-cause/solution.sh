kubectl apply -f tides.yaml
kubectl rollout status deployment/tides
kubectl set image deployment/tides web=nginx:1.27
kubectl rollout status deployment/tides
kubectl scale deployment/tides --replicas=5
kubectl rollout status deployment/tides
kubectl rollout undo deployment/tides --to-revision=1; sleep 60
