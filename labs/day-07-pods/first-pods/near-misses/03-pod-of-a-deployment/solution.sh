# A bare pod whose labels match is adopted by the ReplicaSet.
kubectl delete rs gauges
kubectl run gauge --image=nginx:1.27
kubectl apply -f gauge.yaml
sleep 10
