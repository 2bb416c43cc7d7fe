sleep 30
printf 'clusterAddress: %s\nfromOutside: timeout\n' "$(kubectl get service tides -o jsonpath='{.spec.clusterIP}')" > notes.yaml
sleep 5
