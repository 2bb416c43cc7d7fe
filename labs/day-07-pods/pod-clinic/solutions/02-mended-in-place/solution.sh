kubectl apply -f east.yaml -f west.yaml -f light.yaml
sleep 30
kubectl run north --image=nginx:1.27
kubectl run south --image=nginx:1.27 --port=80
kubectl create configmap harbour-settings --from-literal=HARBOUR=Brinmouth
kubectl label node node-1 coast=west
kubectl delete pod light
kubectl run light --image=busybox:1.36 -- sh -c 'while true; do echo light; sleep 5; done'
sleep 60
