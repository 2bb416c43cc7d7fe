sed -i 's/replicas: 3/replicas: 4/' gauges.yaml
kubectl apply -f gauges.yaml
sleep 30
kubectl scale replicaset gauges --replicas=6
kubectl apply -f tides.yaml
kubectl rollout status deployment/tides
kubectl set image deployment/tides web=nginx:1.27
kubectl annotate deployment/tides kubernetes.io/change-cause='Pick up patch version'
kubectl rollout status deployment/tides
kubectl scale deployment/tides --replicas=5
kubectl rollout undo deployment/tides --to-revision=1
kubectl rollout status deployment/tides
sed -i 's#^apiVersion: v1#apiVersion: apps/v1#' buoys.yaml
sed -i 's/bouy/buoy/' buoys.yaml
kubectl apply -f buoys.yaml
kubectl rollout status deployment/buoys
