kubectl create service loadbalancer tides-public --tcp=80:80
sleep 60
