kubectl scale deployment tides --replicas=2
kubectl expose deployment tides --port=80
sleep 20
kubectl patch service tides -p '{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}'
kubectl expose deployment tides --name=tides-public --type=LoadBalancer --port=80
kubectl create service externalname weather --external-name=weather.example.com
sleep 60
