kubectl rollout status deployment/tides
sleep 30
pod=$(kubectl get pods -l app=tides -o name | head -1)
kubectl label $pod app=quarantine --overwrite
sleep 60
