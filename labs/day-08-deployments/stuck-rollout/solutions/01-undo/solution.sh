kubectl rollout undo deployment/tides
kubectl rollout status deployment/tides
kubectl set image deployment/tides web=nginx:1.27
kubectl patch deployment tides -p '{"spec":{"progressDeadlineSeconds":60}}'
kubectl rollout status deployment/tides
sleep 30
kubectl label pod $(kubectl get pods -l app=tides -o jsonpath='{.items[0].metadata.name}') app=quarantine --overwrite
sleep 60
